export interface Header {
  name: string;
  value: string;
}
