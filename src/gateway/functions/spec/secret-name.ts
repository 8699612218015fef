const SECRET = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const LONGEST = 253;

/** For messages. */
export const SECRET_NAME_FORM = 'Letters, digits, dashes, dots and underscores, at most 253';

/** Such a name is a file's too, and leads nowhere else. */
export const isSecretName = (name: string): boolean =>
  name.length <= LONGEST && SECRET.test(name) && !name.includes('..');
