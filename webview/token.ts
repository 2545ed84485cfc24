/**
 * The access token of the browser page: from the address's fragment, which goes to no server, then in session storage, never in
 * the address again.
 */
const KEY = 'pipescope.token';

/** What an address brings: a token, or a code that the service trades for one, once. */
export interface Access {
  token: string | null;
  code: string | null;
}

/** `#token=...` or `#code=...` of a URL's fragment. */
export function accessIn(fragment: string): Access {
  const values = new URLSearchParams(fragment.replace(/^#/, ''));
  return { token: values.get('token') || null, code: values.get('code') || null };
}

/** Takes what the address brings out of the address bar and the history at once, and keeps a token for this tab. */
export function takeAccess(): Access {
  const { token, code } = accessIn(location.hash);
  if (token === null && code === null) return { token: sessionStorage.getItem(KEY), code };
  history.replaceState(null, '', location.pathname + location.search);
  if (token === null) return { token: sessionStorage.getItem(KEY), code };
  sessionStorage.setItem(KEY, token);
  return { token, code: null };
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}
