export interface InvitationAsked {
  /** From the link. */
  token: string;
}
