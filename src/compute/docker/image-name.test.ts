import { describe, expect, it } from 'vitest';
import { listedName, pullQuery } from './image-name.js';

const DIGEST = `sha256:${'0f'.repeat(32)}`;

describe('the name of an image', () => {
  it.each([
    ['nginx', 'nginx:latest'],
    ['nginx:1.27', 'nginx:1.27'],
    ['docker.io/library/nginx', 'nginx:latest'],
    ['docker.io/openfaas/figlet:1', 'openfaas/figlet:1'],
    ['ghcr.io/openfaas/nodeinfo', 'ghcr.io/openfaas/nodeinfo:latest'],
    ['registry:5000/own/image', 'registry:5000/own/image:latest'],
    [`nginx@${DIGEST}`, `nginx@${DIGEST}`],
    [`nginx:1.27@${DIGEST}`, `nginx@${DIGEST}`],
  ])('%s is listed as %s', (image, listed) => {
    expect(listedName(image)).toBe(listed);
  });

  it.each([
    ['nginx', 'nginx', 'latest'],
    ['registry:5000/own/image', 'registry:5000/own/image', 'latest'],
    ['registry:5000/own/image:2', 'registry:5000/own/image', '2'],
    [`nginx:1.27@${DIGEST}`, 'nginx', DIGEST],
  ])('%s is pulled as %s, %s', (image, fromImage, tag) => {
    expect(pullQuery(image)).toEqual({ fromImage, tag });
  });
});
