import { render, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Reader from '$lib/messages/Reader.svelte';
import Opened from '$views/Opened.svelte';
import { sender } from '$lib/messages/senders';
import { plain } from '$lib/shared/plain';
import { BIDI_SUBJECT, HOSTILE_NAME, HOSTILE_SUBJECT } from '$lib/api/fake/hostile';
import { engine } from './setup';

const HOSTILE = 4;
const read = () => render(Reader, { id: HOSTILE, back: '#/inbox', onchange: () => {}, onremoved: () => {} });
const frame = () => screen.findByTitle<HTMLIFrameElement>('The message, shut off from this page');

describe('the reader', () => {
  it('shows a hostile subject and sender as the text that they are', async () => {
    await engine();
    const { container } = read();
    expect((await screen.findByRole('heading', { level: 2 })).textContent).toBe(plain(HOSTILE_SUBJECT));
    expect(container.textContent).toContain(HOSTILE_NAME);
    expect(container.querySelector('script, img[onerror], svg[onload], [onclick]')).toBeNull();
    expect('__pwned' in globalThis).toBe(false);
  });

  it('shuts html into a frame that may run, post and lead nowhere', async () => {
    await engine();
    read();
    const sandbox = (await frame()).getAttribute('sandbox')?.split(' ').sort();
    expect(sandbox).toEqual(['allow-popups', 'allow-popups-to-escape-sandbox']);
    expect((await frame()).getAttribute('src')).toBe('/console/files/message/4/html');
    expect((await frame()).getAttribute('referrerpolicy')).toBe('no-referrer');
  });

  it('asks for pictures from elsewhere only once they are allowed', async () => {
    const fake = await engine();
    read();
    (await screen.findByRole('button', { name: 'Load them' })).click();
    await waitFor(async () =>
      expect((await frame()).getAttribute('src')).toBe('/console/files/message/4/html?remote=1'),
    );
    const asked = fake.calls.filter((call) => call.name === 'message.html').map((call) => call.input);
    expect(asked).toEqual([
      { id: HOSTILE, remote: false },
      { id: HOSTILE, remote: true },
    ]);
  });

  it('turns no link of a mail into one of the page', async () => {
    await engine();
    const { container } = read();
    (await screen.findByRole('tab', { name: /Links/ })).click();
    await screen.findByText('javascript:top.__pwned=1');
    expect(container.querySelector('a[href^="javascript"], a[href^="http"]')).toBeNull();
  });
});

describe("a stranger's text", () => {
  it('loses what would make it look like another', () => {
    expect(plain(BIDI_SUBJECT)).toBe('Invoice gpj.exe tail');
    expect(plain('a\r\n\tb')).toBe('a b');
    expect(plain('نص عربي 渡辺 🎉')).toBe('نص عربي 渡辺 🎉');
  });

  it('is named by its name, else by its address', () => {
    expect(sender('"Doe, Kim" <kim@a.test>')).toBe('Doe, Kim');
    expect(sender('<kim@a.test>')).toBe('kim@a.test');
    expect(sender('kim@a.test')).toBe('kim@a.test');
    expect(sender('')).toBe('');
  });
});

describe('a mail in a file', () => {
  it('is shown as any other, and nothing can be done with it but to read and to save it', async () => {
    const fake = await engine('desktop');
    render(Opened, { id: '1', query: new URLSearchParams() });
    expect((await screen.findByRole('heading', { level: 2 })).textContent).toBe(plain(HOSTILE_SUBJECT));
    expect((await frame()).getAttribute('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox');
    const buttons = screen.getAllByRole('button').map((button) => button.textContent?.trim());
    expect(buttons).toEqual(['Download .eml', 'Load them']);
    expect(fake.calls.map((call) => call.name).sort()).toEqual(['file.opened', 'file.remote']);
  });
});
