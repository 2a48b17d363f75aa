export type RecordNeed = 'required' | 'recommended' | 'receiving';
