/** A name as the engine lists it: Docker Hub's own prefixes gone, a tag there. */
export function listedName(image: string): string {
  const short = image.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  if (short.includes('@')) return short.replace(/:[^/@]+@/, '@');
  return /:[^/]+$/.test(short) ? short : `${short}:latest`;
}

/** The name without its tag or digest, and that: what is asked of a registry. */
export function pullQuery(image: string): { readonly fromImage: string; readonly tag: string } {
  const [, name = image, digest] = /^(.+?)(?::[^/@]+)?@(.+)$/.exec(image) ?? [];
  if (digest !== undefined) return { fromImage: name, tag: digest };
  const [, before = image, tag = 'latest'] = /^(.+):([^/]+)$/.exec(image) ?? [];
  return { fromImage: before, tag };
}
