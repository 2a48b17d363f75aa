export type TlsPolicy = 'opportunistic' | 'required';
