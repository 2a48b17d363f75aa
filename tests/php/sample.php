<?php
// The sample of the vendor's documentation, its key and addresses aside; then a batch, a
// status and a refusal. What each came to is a line of JSON.

require __DIR__ . '/client.php';

[, $key, $to] = $argv;

$client = new MailPass\Client($key);

// Single send
$result = $client->mail->send([
    'to' => $to,
    'subject' => 'Hello',
    'html' => '<p>Hello World</p>',
    // Empty, as PHP writes it.
    'cc' => [],
    'metadata' => [],
]);
$id = $result['data']['message_id'];
echo json_encode($result), "\n";

echo json_encode($client->mail->status($id)), "\n";
echo json_encode($client->mail->status(rawurlencode($id))), "\n";

$batch = $client->mail->sendBatch([
    'messages' => [
        ['to' => $to, 'subject' => 'Hi', 'text' => 'Hi', 'metadata' => ['order_id' => '12345']],
        ['to' => 'nope', 'subject' => 'Hi', 'text' => 'Hi'],
    ],
    'from_name' => 'Your App',
]);
echo json_encode($batch), "\n";

echo json_encode($client->mail->send(['to' => $to])), "\n";
