import type { Commands } from '../commands';
import type { DesktopCommands } from '../desktop';

type All = Commands & DesktopCommands;
/** An answer for every command. */
export type Handlers = {
  [N in keyof All]: (input: All[N]['input']) => All[N]['output'] | Promise<All[N]['output']>;
};
