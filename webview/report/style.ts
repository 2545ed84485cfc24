/** The look of a report: light in every theme, for paper too. */
export const STYLE = `:root{color-scheme:light}
body{font:14px/1.45 system-ui,sans-serif;color:#1f2328;background:#fff;max-width:75rem;margin:24px auto;padding:0 16px;overflow-wrap:anywhere}
h1{font-size:22px}h2{font-size:17px;margin:32px 0 8px;border-bottom:1px solid #d0d7de}h3{font-size:14px;margin:16px 0 4px}h4{font-size:13px}
p,ul,ol,dl,figure,h1,h4,pre{margin:4px 0}ul,ol{padding-inline-start:20px}.ps-plain{list-style:none;padding:0}dd{margin:0}pre{white-space:pre-wrap}
span,strong,em,code{unicode-bidi:isolate}
table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:3px 10px 3px 0;border-bottom:1px solid #d8dee4;font-size:13px;overflow-wrap:normal}td:first-child,tbody th{overflow-wrap:anywhere;min-width:8em}tbody th{font-weight:400}
.number,td.numeric{font-variant-numeric:tabular-nums}.numeric{text-align:end}td.numeric,td:has(>.icon){white-space:nowrap}
.ps-facts{width:auto}.caption,.muted,.empty,.unit,summary,pre,.ps-facts th{color:#57606a}.caption,.caption *,.unit,summary,pre{font-size:12px}
.ps-row{display:flex;flex-wrap:wrap;gap:0 10px;align-items:baseline}.ps-row .icon{align-self:center}.ps-grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:8px 16px}.ps-grid>*{border:1px solid #d8dee4;padding:6px 10px}
.value,.tiles dd.number:not(.caption){font-size:20px}.bad:not(.tile),.bad>.value,.failure,.badtext,.errortext,.severity.CRITICAL,.severity.ERROR,.icon.FAILED{color:#b01011}.warn:not(.tile),.warn>.value,.severity.WARNING,.icon.RUNNING,.icon.STALE{color:#7d4e00}.icon.COMPLETED{color:#1a7f37}
svg{display:block;max-width:100%;height:auto}.icon{display:inline-block;vertical-align:-3px}.spark{width:100px;height:20px}.spark polyline{fill:none;stroke:#0969da}
.spoken{position:absolute;clip-path:inset(50%)}.ps-wide{overflow-x:auto}summary{cursor:pointer}
@media print{body{max-width:none;margin:0;padding:0;font-size:11px;print-color-adjust:exact}th,td{font-size:9px;padding-inline-end:6px}td.numeric,td{white-space:normal}.ps-wide{overflow:visible}.value{font-size:16px}h1,h2,h3,h4,thead{break-after:avoid}svg,figure,tr,li,.tile{break-inside:avoid}figure:has([open]){break-inside:auto}details:not([open]){display:none}@page{margin:14mm}}
`;
