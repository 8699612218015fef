import { TOP_SORTS, TOP_VIEWS, type TopState } from './top-rows.js';

const ESCAPE = '\u001b';
const INTERRUPT = '\u0003';
const PAGE = 10;

/** What a key does: a new state, or undefined to quit. Pure, so that it is tested without a terminal. */
export function topKey(state: TopState, key: string): TopState | undefined {
  return state.typing === undefined ? commandKey(state, key) : typingKey(state, state.typing, key);
}

const scrolled = (state: TopState, rows: number): TopState => ({
  ...state,
  offset: Math.max(0, state.offset + rows),
});

function commandKey(state: TopState, key: string): TopState | undefined {
  switch (key) {
    case 'q':
    case 'Q':
    case INTERRUPT:
      return undefined;
    case 'p':
    case ' ':
      return { ...state, paused: !state.paused };
    case 's':
      return { ...state, sort: next(TOP_SORTS, state.sort), offset: 0 };
    case 'b':
      // Another view begins anew: there is nothing yet at which to pause.
      return { ...state, by: next(TOP_VIEWS, state.by), offset: 0, paused: false };
    case '/':
      return { ...state, typing: state.filter };
    case ESCAPE:
      return { ...state, filter: '', offset: 0 };
    case `${ESCAPE}[A`:
    case `${ESCAPE}OA`:
    case 'k':
      return scrolled(state, -1);
    case `${ESCAPE}[B`:
    case `${ESCAPE}OB`:
    case 'j':
      return scrolled(state, 1);
    case `${ESCAPE}[5~`:
      return scrolled(state, -PAGE);
    case `${ESCAPE}[6~`:
      return scrolled(state, PAGE);
    default:
      return state;
  }
}

function typingKey(state: TopState, typed: string, key: string): TopState | undefined {
  switch (key) {
    case '\r':
    case '\n':
      return { ...state, filter: typed, typing: undefined, offset: 0 };
    case ESCAPE:
      return { ...state, typing: undefined };
    case INTERRUPT:
      return undefined;
    case '\u007f':
    case '\b':
      return { ...state, typing: [...typed].slice(0, -1).join('') };
    default:
      return [...key].length === 1 && key >= ' ' ? { ...state, typing: typed + key } : state;
  }
}

function next<T>(all: readonly T[], current: T): T {
  return all[(all.indexOf(current) + 1) % all.length] ?? current;
}

const SEQUENCE_OR_CHARACTER = new RegExp(`${ESCAPE}(?:\\[[0-9;]*[A-Za-z~]|O[A-Z])|[\\s\\S]`, 'gu');

/** Terminal input split into keys: an arrow arrives as three characters, quick typing as several keys at once. */
export function splitKeys(input: string): string[] {
  return input.match(SEQUENCE_OR_CHARACTER) ?? [];
}
