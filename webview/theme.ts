/** Which kind of theme is shown, and the moment it changes. Colours themselves are CSS variables. */

const DARK = '(prefers-color-scheme: dark)';
const CONTRAST = '(prefers-contrast: more)';
const FORCED = '(forced-colors: active)';
const KINDS = ['vscode-light', 'vscode-dark', 'vscode-high-contrast', 'vscode-high-contrast-light'];

/** In a browser nobody tells the page its theme: it follows the system's, with the classes VS Code would set. */
export function followSystemTheme(): void {
  const queries = [DARK, CONTRAST, FORCED].map((query) => matchMedia(query));
  const apply = (): void => {
    const kind = kindOf(queries.map((query) => query.matches));
    document.body.classList.remove(...KINDS);
    document.body.dataset['vscodeThemeKind'] = kind;
    document.body.classList.add('vscode-body', kind);
  };
  for (const query of queries) query.addEventListener('change', apply);
  apply();
}

function kindOf([dark, contrast, forced]: boolean[]): string {
  if (contrast === true || forced === true)
    return dark === true ? 'vscode-high-contrast' : 'vscode-high-contrast-light';
  return dark === true ? 'vscode-dark' : 'vscode-light';
}

/** Calls back after the theme changed; VS Code then has new values in its variables. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  const attributeFilter = ['class', 'style', 'data-vscode-theme-id'];
  observer.observe(document.documentElement, { attributes: true, attributeFilter });
  observer.observe(document.body, { attributes: true, attributeFilter });
  return () => observer.disconnect();
}

/** The value of a theme variable, for what is drawn on a canvas. */
export function themeValue(name: `--${string}`, fallback: string): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim() || fallback;
}
