/** What a person has set in a region: without the controls themselves a report would not say why rows are missing. */

/** `Filter phases: P0`, `Status: failed`; nothing of controls that stand at their first choice. */
export function chosenIn(elements: readonly Element[]): string[] {
  return elements.flatMap((element) => {
    const value = valueOf(element)?.trim() ?? '';
    if (value === '') return [];
    const name = nameOf(element);
    return name === '' ? [value] : [`${name}: ${value}`];
  });
}

function valueOf(element: Element): string | null {
  if (element instanceof HTMLInputElement) {
    if (element.type === 'checkbox')
      return element.checked ? (element.closest('label')?.textContent ?? null) : null;
    return element.value;
  }
  if (element instanceof HTMLSelectElement)
    return element.selectedIndex > 0 ? (element.selectedOptions[0]?.text ?? null) : null;
  const isFilter = element.matches('.statuses > button[aria-pressed=true]');
  return isFilter ? element.textContent : null;
}

function nameOf(element: Element): string {
  if (element instanceof HTMLInputElement && element.type === 'checkbox') return '';
  const own = element.getAttribute('aria-label') ?? element.closest('[role=group]')?.ariaLabel;
  return own ?? element.closest('label')?.textContent.trim() ?? '';
}
