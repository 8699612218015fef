import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { type Manifest, packageRoot } from './package-root.js';

/** Packages that find or build a native add-on. */
const LOADERS = new Set([
  'bindings',
  'detect-libc',
  'node-addon-api',
  'node-gyp-build',
  'node-pre-gyp',
  '@mapbox/node-pre-gyp',
  'prebuild-install',
  '@neon-rs/load',
  'nan',
]);
const BUILDS = /node-gyp|prebuild|pre-gyp|cmake-js|cnoke|napi/;
/** A package for one platform: `@esbuild/linux-x64`. */
const PLATFORM = /[-/_](linux|darwin|win32)[-/_](x64|arm64)/;

/** Whether a package loads native code, which can't become part of a bundle. */
function isNative(manifest: Manifest): boolean {
  const { gypfile, binary, scripts, dependencies = {}, optionalDependencies = {} } = manifest;
  return (
    gypfile === true ||
    binary !== undefined ||
    BUILDS.test(scripts?.install ?? '') ||
    Object.keys(dependencies).some((name) => LOADERS.has(name)) ||
    Object.keys(optionalDependencies).some((name) => PLATFORM.test(name))
  );
}

const REENTRY = { isOurs: true };

/** Leaves out packages that load native code, and those that were named: they stay where they are installed. */
export const nativePackages = (external: readonly string[]): Plugin => ({
  name: 'native-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./#]/ }, (args) => resolvePackage(build, args, external));
    build.onResolve({ filter: /\.node$/ }, (args) => resolveAddOn(build, args));
    build.onLoad({ filter: /.*/, namespace: 'add-on' }, ({ path }) => ({
      // Add-ons can be required, not imported.
      contents: `import { createRequire } from 'node:module';
export default createRequire(${JSON.stringify(pathToFileURL(path).href)})(${JSON.stringify(path)});
`,
      resolveDir: dirname(path),
    }));
  },
});

async function resolvePackage(
  build: PluginBuild,
  args: OnResolveArgs,
  external: readonly string[],
): Promise<OnResolveResult | undefined> {
  const { path, kind, resolveDir, importer, namespace, pluginData } = args;
  const isDone = pluginData === REENTRY || kind === 'entry-point' || namespace !== 'file';
  if (isDone || /^(node|file|data|https?):/.test(path)) return undefined;
  const found = await build.resolve(path, { kind, resolveDir, importer, pluginData: REENTRY });
  // What is not found is reported, or forgiven, by who asked.
  if (found.errors.length > 0 || found.external || found.namespace !== 'file') return undefined;
  const owner = packageRoot(found.path);
  if (!owner || !found.path.includes('/node_modules/')) return undefined;
  const isNamed = external.some((name) => path === name || path.startsWith(`${name}/`));
  if (!isNamed && !isNative(owner.manifest)) return undefined;
  const isRequired = kind === 'require-call' || kind === 'require-resolve';
  return { path: isRequired ? found.path : pathToFileURL(found.path).href, external: true };
}

async function resolveAddOn(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  const { path, kind, resolveDir, importer, pluginData } = args;
  if (pluginData === REENTRY) return undefined;
  const found = await build.resolve(path, { kind, resolveDir, importer, pluginData: REENTRY });
  if (found.errors.length > 0 || found.namespace !== 'file') return undefined;
  if (kind === 'require-call') return { path: found.path, external: true };
  return { path: found.path, namespace: 'add-on' };
}
