/** What a colour says. */
export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';
