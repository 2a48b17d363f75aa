export interface AttachmentShown {
  name: string | null;
  /** Such as `image/png`. */
  type: string;
  size_bytes: number;
  /** Meant to be shown within the text. */
  inline: boolean;
  url: string;
}
