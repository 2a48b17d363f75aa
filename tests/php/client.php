<?php
// A client in the shape that the vendor's documentation shows, over PHP's curl: its own package
// is in no index. One handle, so that requests share a connection.

namespace MailPass;

class Client
{
    public Mail $mail;

    public function __construct(string $key)
    {
        $this->mail = new Mail($key, getenv('MAILPASS_URL') . '/api/v1');
    }
}

class Mail
{
    private \CurlHandle $curl;

    public function __construct(private string $key, private string $base)
    {
        $this->curl = curl_init();
    }

    public function send(array $message): array
    {
        return $this->ask('/mail/send', $message);
    }

    public function sendBatch(array $batch): array
    {
        return $this->ask('/mail/send-batch', $batch);
    }

    // The Message-ID goes into the path as it is, angle brackets and all.
    public function status(string $messageId): array
    {
        return $this->ask('/mail/status/' . $messageId);
    }

    private function ask(string $path, ?array $body = null): array
    {
        curl_reset($this->curl);
        curl_setopt_array($this->curl, [
            CURLOPT_URL => $this->base . $path,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_HTTPHEADER => [
                'Authorization: Bearer ' . $this->key,
                'Content-Type: application/json',
            ],
        ]);
        if ($body !== null) {
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, json_encode($body));
        }
        $answer = curl_exec($this->curl);
        if ($answer === false) {
            throw new \RuntimeException(curl_error($this->curl));
        }
        return json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
    }
}
