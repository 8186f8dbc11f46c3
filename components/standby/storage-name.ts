/**
 * A storage account's name: Azure wants 3 to 24 lowercase letters and digits, unique among all accounts
 * of the world ("Storage account overview").
 *
 * @param words what the account is for, most telling first; cut where room ends @example ["shop", "copies"]
 * @param suffix lowercase letters and digits that make it unique; never cut
 */
export function storageAccountName(words: string[], suffix: string): string {
  const readable = words
    .join("")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
  return readable.slice(0, 24 - suffix.length) + suffix;
}
