import { GatewayApi, type LoadDescription } from '../../lab/index.js';

/** The gateway that is called, where the description names one or an address looks like a function of one. */
export function gatewayOf({ gateway, functions }: LoadDescription): GatewayApi | undefined {
  const [first] = functions;
  const address = gateway ?? first?.url?.replace(/\/(async-)?function\/.*$/s, '');
  if (address === undefined || (gateway === undefined && address === first?.url)) return undefined;
  return URL.canParse(address) ? new GatewayApi(new URL(address)) : undefined;
}
