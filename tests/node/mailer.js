// Sends one mail with nodemailer as the JSON on standard input says, and prints what came of it.
import { createTransport } from "nodemailer";
import { text } from "node:stream/consumers";

const { transport, mail } = JSON.parse(await text(process.stdin));
const mailer = createTransport({ ...transport, tls: { rejectUnauthorized: false } });
try {
  const sent = await mailer.sendMail(mail);
  console.log(JSON.stringify({ ok: true, said: sent.response, rejected: sent.rejected }));
} catch (error) {
  console.log(JSON.stringify({ ok: false, code: error.code, said: error.response ?? error.message }));
}
mailer.close();
