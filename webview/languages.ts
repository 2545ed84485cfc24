/** The languages beside English, each in a file of its own that is fetched only where it is read. */
const LANGUAGES: Readonly<Record<string, () => Promise<{ default: Record<string, unknown> }>>> = {
  de: () => import('../l10n/bundle.l10n.de.json'),
};

/** English text -> text of a language such as `de-AT`; null where there is none, and English is read. */
export async function textsOf(language: string): Promise<Record<string, string> | null> {
  const load = LANGUAGES[language.toLowerCase().split('-', 1)[0] ?? ''];
  return load === undefined ? null : ((await load()).default as Record<string, string>);
}
