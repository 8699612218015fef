/** Names separated by commas, or undefined for all. The settings' schema checks each. */
export function methodList(text: string | undefined): string[] | undefined {
  return text === undefined || text === 'all' ? undefined : text.split(',').map((name) => name.trim());
}
