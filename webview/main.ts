import { config, t } from '@vscode/l10n';
import './theme.css';
import './controls.ts';
import { messageOf } from '../service/protocol/errors.ts';
import { writeAs } from '../service/protocol/intl.ts';
import { makeApp } from './app.ts';
import { BrowserTransport } from './browserTransport.ts';
import { PipescopeDashboard } from './elements/dashboard/dashboard.ts';
import { REGIONS } from './elements/dashboard/regions.ts';
import { textsOf } from './languages.ts';
import { Session } from './session.ts';
import { Store } from './store.ts';
import { followSystemTheme } from './theme.ts';
import { inVsCode, VsCodeTransport } from './vscodeTransport.ts';

const transport = inVsCode() ? new VsCodeTransport() : new BrowserTransport();
if (transport.home === 'browser') {
  followSystemTheme();
  document.documentElement.lang = navigator.language;
}
const store = new Store();
// English is better than an empty page.
const contents = await textsOf(document.documentElement.lang).catch((error: unknown) => {
  const why = messageOf(error);
  store.say({
    level: 'error',
    message: t('The texts in your language could not be loaded. Reload the page. ({0})', why),
  });
  return null;
});
if (contents !== null) config({ contents });
else document.documentElement.lang = 'en';
writeAs(document.documentElement.lang, () => navigator.languages);

const session = new Session(store, transport);
const dashboard = new PipescopeDashboard();
dashboard.app = makeApp(session, REGIONS);
document.body.append(dashboard);
session.start();
