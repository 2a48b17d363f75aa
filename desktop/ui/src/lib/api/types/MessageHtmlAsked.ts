export interface MessageHtmlAsked {
  id: number;
  /** With images from elsewhere: whoever sent it then learns that it is read. */
  remote: boolean;
}
