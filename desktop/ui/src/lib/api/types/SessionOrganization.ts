export interface SessionOrganization {
  id: number;
  name: string;
}
