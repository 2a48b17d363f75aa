import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** Classes joined; a later one wins over an earlier of its kind. */
export const cn = (...all: ClassValue[]): string => twMerge(clsx(all));
