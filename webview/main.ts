import './theme.css';
import './controls.ts';
import { makeApp } from './app.ts';
import { BrowserTransport } from './browserTransport.ts';
import { PipescopeDashboard } from './elements/dashboard/dashboard.ts';
import { Session } from './session.ts';
import { Store } from './store.ts';
import { followSystemTheme } from './theme.ts';
import { inVsCode, VsCodeTransport } from './vscodeTransport.ts';

const transport = inVsCode() ? new VsCodeTransport() : new BrowserTransport();
if (transport.home === 'browser') followSystemTheme();

const session = new Session(new Store(), transport);
const dashboard = new PipescopeDashboard();
dashboard.app = makeApp(session);
document.body.append(dashboard);
session.start();
