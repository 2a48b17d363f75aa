/** Where the reader is: `#/domains/acme.test?tab=records`. */
export interface Place {
  view: string;
  id: string | null;
  query: URLSearchParams;
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

export function parse(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [view = '', ...rest] = path.split('/');
  const id = rest.length > 0 && rest[0] !== '' ? decode(rest.join('/')) : null;
  return { view: view === '' ? 'overview' : view, id, query: new URLSearchParams(query) };
}

/** The address of a place. */
export function to(
  view: string,
  id: string | number | null = null,
  query: Record<string, string | null> = {},
): string {
  const set = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== null && pair[1] !== '',
  );
  const asked = set.length > 0 ? `?${new URLSearchParams(set).toString()}` : '';
  return `#/${view}${id === null ? '' : `/${encodeURIComponent(String(id))}`}${asked}`;
}

class Router {
  place = $state<Place>(parse(typeof location === 'undefined' ? '' : location.hash));

  constructor() {
    globalThis.addEventListener?.('hashchange', () => (this.place = parse(location.hash)));
  }

  go(view: string, id: string | number | null = null, query: Record<string, string | null> = {}): void {
    location.hash = to(view, id, query);
  }

  /** Changes what is asked for, without a step to go back to. */
  ask(changes: Record<string, string | null>): void {
    const all = { ...Object.fromEntries(this.place.query), ...changes };
    history.replaceState(null, '', to(this.place.view, this.place.id, all));
    this.place = parse(location.hash);
  }
}

export const router = new Router();
