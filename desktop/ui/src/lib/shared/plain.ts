// Controls, and marks that turn the direction of what follows: `gpj.exe` would read `exe.jpg`.
// eslint-disable-next-line no-control-regex
const DECEIVING =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A stranger's text, in one line, without what would make it look like another. */
export const plain = (text: string): string => text.replace(DECEIVING, '').replace(/\s+/g, ' ').trim();
