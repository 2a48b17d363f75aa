/**
 * Every word of the pages, in English. Another language is a file beside this one with the same
 * shape (`Texts`); the areas are apart only to keep files short.
 */
import { common } from './en/common';
import { mail } from './en/mail';
import { setup } from './en/setup';
import { team } from './en/team';

export const t = { ...common, ...mail, ...setup, ...team };
export type Texts = typeof t;
