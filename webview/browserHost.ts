/** What a browser page does itself where VS Code's window would: it reads REST, keeps the layout, saves and reads files. */
import { t } from '@vscode/l10n';
import { isErrorCode } from '../service/protocol/errors.ts';
import type { HostMessage, HostRequest, PageGet } from '../service/protocol/frame.ts';

type Got = Extract<HostMessage, { type: 'got' }>;

/** Where a code is traded for a token: service/http/routes/accessCodes.ts. */
const TRADE_PATH = '/api/v1/access-codes/trade';
/** For all dashboards of this service: a browser knows no workspace. */
const LAYOUT_KEY = 'pipescope.layout';
const LARGEST_PICKED = 1024 * 1024;
/** A service that is stopped in its work answers nothing, and breaks no line. */
const ANSWER_LIMIT_MS = 30_000;

/** Questions under way, by their `ref`. */
export class BrowserReader {
  readonly #running = new Map<number, AbortController>();

  /** `answer` is called once for every question that is not cancelled. */
  async ask(
    question: PageGet,
    token: string | null,
    answer: (message: Got) => void,
  ): Promise<void> {
    const { ref } = question;
    if (question.type === 'get_cancel') {
      this.#running.get(ref)?.abort();
      return;
    }
    const abort = new AbortController();
    this.#running.set(ref, abort);
    try {
      const got = await read(question.path, token ?? '', abort.signal);
      if (!abort.signal.aborted) answer({ type: 'got', ref, ...got });
    } catch {
      const message = t('The service does not answer. Try again when the connection is back.');
      if (!abort.signal.aborted)
        answer({ type: 'got', ref, ok: false, code: 'SERVICE_UNREACHABLE', message });
    } finally {
      this.#running.delete(ref);
    }
  }
}

type Outcome =
  { ok: true; body: unknown } | Pick<Extract<Got, { ok: false }>, 'ok' | 'code' | 'message'>;

async function read(path: string, token: string, signal: AbortSignal): Promise<Outcome> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(path, { headers, signal: limit });
  const body = (await answer.json()) as { code?: unknown; detail?: unknown } | null;
  if (answer.ok) return { ok: true, body };
  const { code, detail } = body ?? {};
  return {
    ok: false,
    code: isErrorCode(code) ? code : 'INTERNAL',
    message:
      typeof detail === 'string' ? detail : t('The service answered {0}.', String(answer.status)),
  };
}

/** The token for a code, and the job to show; null where the code is used up or too old. Fails where nobody answers. */
export async function trade(
  code: string,
): Promise<{ token: string; job_id: string | null } | null> {
  const headers = { authorization: `Bearer ${code}` };
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const answer = await fetch(TRADE_PATH, { method: 'POST', headers, signal });
  return answer.ok ? ((await answer.json()) as { token: string; job_id: string | null }) : null;
}

export function loadLayout(): unknown {
  try {
    return JSON.parse(localStorage.getItem(LAYOUT_KEY) ?? 'null');
  } catch {
    return null; // Written by hand or by another version: the default layout then.
  }
}

export function keepLayout({ layout }: Extract<HostRequest, { action: 'save_layout' }>): void {
  if (layout === null) localStorage.removeItem(LAYOUT_KEY);
  else localStorage.setItem(LAYOUT_KEY, JSON.stringify(layout));
}

/** Tells when another page of this browser has kept a layout, until the answer is called. */
export function followLayout(changed: (layout: unknown) => void): () => void {
  const heard = ({ key }: StorageEvent): void => {
    if (key === LAYOUT_KEY || key === null) changed(loadLayout());
  };
  window.addEventListener('storage', heard);
  return () => window.removeEventListener('storage', heard);
}

/** Hands a file to the browser to save. */
export function saveFile({ name, base64 }: Extract<HostRequest, { action: 'save_file' }>): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  saveBlob(new Blob([bytes]), name);
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the bytes by the next turn or it never will; a minute is far on the safe side.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The text of the file that the person picks; null when they pick none. */
export function pickFile(extension: string): Promise<string | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = `.${extension}`;
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve(null));
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file === undefined) resolve(null);
      else if (file.size > LARGEST_PICKED)
        reject(new Error(t('{0} is too large. Pick a file of at most 1 MB.', file.name)));
      else file.text().then(resolve, reject);
    });
    input.click();
  });
}
