export interface SettingRow {
  /** Such as `server.host`. */
  name: string;
  value: string;
  about: string;
}
