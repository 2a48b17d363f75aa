export interface MessageHtml {
  /** For a frame's `srcdoc`, sandboxed all the same. */
  html: string;
  /** It calls for images from elsewhere. */
  has_remote: boolean;
}
