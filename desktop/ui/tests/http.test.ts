import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Http } from '$lib/api/http';
import type { Refusal } from '$lib/api';

const session = {
  user: { id: 1, name: 'kim', role: 'owner' },
  organization: { id: 1, name: 'Acme' },
  csrf: 'token',
  version: '1',
  kind: 'server',
  welcome: false,
};
const asked: [string, RequestInit][] = [];
let answers: Response[] = [];

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push([url, init]);
    const answer = answers.shift();
    if (!answer) throw new TypeError('Failed to fetch');
    return answer;
  });
});
afterEach(() => vi.unstubAllGlobals());

const refused = (doing: Promise<unknown>): Promise<Refusal> =>
  doing.then(
    () => Promise.reject(new Error('done')),
    (thrown: Refusal) => thrown,
  );

describe('the transport over HTTP', () => {
  it('posts to the command, and says the session’s token once it has one', async () => {
    answers = [Response.json(session), Response.json({ rows: [] })];
    const http = new Http();
    await http.call('session.show', {});
    await http.call('domain.list', {});
    expect(asked.map(([url, init]) => [url, init.method, init.body])).toEqual([
      ['/console/api/session.show', 'POST', '{}'],
      ['/console/api/domain.list', 'POST', '{}'],
    ]);
    const headers = asked.map(([, init]) => init.headers as Record<string, string>);
    expect(headers[0]).toEqual({ 'Content-Type': 'application/json', 'X-Posthouse-Console': '1' });
    expect(headers[1]?.['X-CSRF-Token']).toBe('token');
  });

  it('forgets the token of a session that is over', async () => {
    answers = [
      Response.json(session),
      Response.json({ ...session, user: null, csrf: null }),
      Response.json(session),
    ];
    const http = new Http();
    await http.call('session.show', {});
    await http.call('session.sign_out', {});
    await http.call('session.show', {});
    expect((asked[2]?.[1].headers as Record<string, string>)['X-CSRF-Token']).toBeUndefined();
  });

  it('passes on a refusal with its fields', async () => {
    answers = [
      Response.json(
        {
          error: {
            kind: 'invalid',
            code: 'host',
            message: 'Write it like example.com.',
            fields: { host: 'Write it like example.com.' },
            wait_ms: null,
            request: 'r1',
          },
        },
        { status: 422 },
      ),
    ];
    const refusal = await refused(new Http().call('domain.add', { host: 'x', name: null }));
    expect(refusal).toMatchObject({
      kind: 'invalid',
      code: 'host',
      message: 'Write it like example.com.',
      fields: { host: 'Write it like example.com.' },
      request: 'r1',
    });
  });

  it('takes the new token, once, when another tab signed in anew', async () => {
    const forged = () =>
      Response.json(
        { error: { kind: 'denied', code: 'forged', message: 'Load it again.' } },
        { status: 403 },
      );
    answers = [
      Response.json(session),
      forged(),
      Response.json({ ...session, csrf: 'newer' }),
      Response.json({}),
    ];
    const http = new Http();
    await http.call('session.show', {});
    await http.call('domain.remove', { host: 'acme.test' });
    expect(asked.map(([url]) => url.slice('/console/api/'.length))).toEqual([
      'session.show',
      'domain.remove',
      'session.show',
      'domain.remove',
    ]);
    expect((asked[3]?.[1].headers as Record<string, string>)['X-CSRF-Token']).toBe('newer');

    answers = [forged(), Response.json(session), forged()];
    expect(await refused(http.call('domain.remove', { host: 'acme.test' }))).toMatchObject({
      code: 'forged',
    });
  });

  it('has words for an answer that is none, and for no answer', async () => {
    answers = [new Response('<h1>Bad gateway</h1>', { status: 502 })];
    expect(await refused(new Http().call('domain.list', {}))).toMatchObject({ kind: 'unreachable' });
    expect(await refused(new Http().call('domain.list', {}))).toMatchObject({ kind: 'unreachable' });
  });
});

describe('the events over HTTP', () => {
  class Stream {
    static all: Stream[] = [];
    static readonly CLOSED = 2;
    readyState = 0;
    onopen: (() => void) | null = null;
    onerror: (() => void) | null = null;
    onmessage: ((frame: { data: string }) => void) | null = null;
    url: string;
    constructor(url: string) {
      this.url = url;
      Stream.all.push(this);
    }
    close() {
      this.readyState = Stream.CLOSED;
    }
  }

  it('are heard, and after a gap everything is asked anew', () => {
    vi.useFakeTimers();
    vi.stubGlobal('EventSource', Stream);
    Stream.all = [];
    const heard: unknown[] = [];
    const stop = new Http().events((change) => heard.push(change));
    const first = Stream.all[0]!;
    expect(first.url).toBe('/console/events');
    first.onopen?.();
    first.onmessage?.({ data: '{"what":"email","id":null}' });
    expect(heard).toEqual([{ what: 'email', id: null }]);
    first.readyState = Stream.CLOSED;
    first.onerror?.();
    vi.advanceTimersByTime(5000);
    Stream.all[1]!.onopen?.();
    expect(heard).toEqual([
      { what: 'email', id: null },
      { what: 'all', id: null },
    ]);
    stop();
    Stream.all[1]!.onerror?.();
    vi.advanceTimersByTime(60_000);
    expect(Stream.all.length).toBe(2);
    vi.useRealTimers();
  });
});
