/** The report as a document: nothing but itself, and no script. Pure; `html` of regions is made of escaped texts. */
import { t } from '@vscode/l10n';
import { escaped, isolated } from '../../service/protocol/htmlText.ts';
import { STYLE } from './style.ts';

export interface ReportRegion {
  title: string;
  /** Null for one that did not come. */
  html: string | null;
  /** Some of it was still on its way. */
  partly: boolean;
}

export interface Report {
  title: string;
  /** BCP 47, as the page has it. */
  language: string;
  /** What it is about, each with its name. */
  facts: readonly (readonly [name: string, value: string])[];
  regions: readonly ReportRegion[];
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function reportHtml({ title, language, facts, regions }: Report): string {
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${isolated(title)}</h1>
<table class="ps-facts"><tbody>${facts.map(([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${isolated(value)}</td></tr>`).join('')}</tbody></table>
${missing(regions)}</header>
<main>
${regions.map(regionHtml).join('\n')}
</main>
</body>
</html>
`;
}

function missing(regions: readonly ReportRegion[]): string {
  const names = regions.filter(({ html }) => html === null).map(({ title }) => title);
  if (names.length === 0) return '';
  return `<p class="failure">${escaped(t('Not in this report, because it did not come in time: {0}.', names.join(', ')))}</p>\n`;
}

function regionHtml({ title, html, partly }: ReportRegion): string {
  if (html === null) return '';
  const note = partly
    ? `<p class="failure">${escaped(t('Some of it was still on its way when the report was made.'))}</p>`
    : '';
  return `<section><h2>${isolated(title)}</h2>${note}${html}</section>`;
}
