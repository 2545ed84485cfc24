/** The access token of the browser page: from the URL's fragment, then in session storage, never in the URL again. */
const KEY = 'pipescope.token';

/** `#token=...` of a URL's fragment, or null. */
export function tokenOf(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return token === null || token === '' ? null : token;
}

/** The job that the address leads to, or null: `#token=...&job=...`. */
export function jobOf(fragment: string): string | null {
  const job = new URLSearchParams(fragment.replace(/^#/, '')).get('job');
  return job === '' ? null : job;
}

/** Takes the token out of the address bar and the history at once, and keeps it for this tab. */
export function takeToken(): string | null {
  const token = tokenOf(location.hash);
  if (token === null) return sessionStorage.getItem(KEY);
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.setItem(KEY, token);
  return token;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}
