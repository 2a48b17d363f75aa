export interface MessagesChanged {
  /** How many there were. */
  messages: number;
}
