/** The form of labels and of their keys, which annotations and other names share. */
const LABEL = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MOST_LABEL = 63;
const MOST_PREFIX = 253;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Whether this is a valid label or annotation key: a name, optionally after a domain and a slash.
 */
export function isKey(key: string): boolean {
  const [name = "", prefix, more] = key.split("/").reverse();
  const hasPrefix =
    prefix === undefined || (prefix.length <= MOST_PREFIX && SUBDOMAIN.test(prefix));
  return more === undefined && hasPrefix && isLabel(name) && name !== "";
}

/** Whether this is a valid label value. */
export function isLabel(text: string): boolean {
  return text === "" || (text.length <= MOST_LABEL && LABEL.test(text));
}
