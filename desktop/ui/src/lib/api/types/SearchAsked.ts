export interface SearchAsked {
  text: string;
}
