import type { Logger } from '../../../src-interfaces/logging.js';
import { ipAddress, type NetworkAddress } from '../wire/network-address.js';
import type { GatewaySocket } from './gateway-socket.js';
import { resultText, type MappingFailure, type MappingOutcome, type PortMapping } from './mapping.js';
import { encodeAddressRequest, encodeMapRequest, natPmpResults, readAddressResponse, readMapResponse } from './nat-pmp.js';
import { encodePcpRequest, pcpResults, readPcpResponse, type PcpRequest } from './pcp.js';

/** A port of ours that a router is asked for. */
export interface MappingRequest {
  readonly nonce: Uint8Array;
  readonly internal: NetworkAddress;
  /** Seconds; 0 ends the mapping. */
  readonly lifetime: number;
}

/** Tells of a refusal; what was told once is not worth a warning again. */
export type TellRefusal = (text: string) => void;

/** A router's refusals for the log: warnings when they are new. */
export function refusalLog(log: Logger): TellRefusal {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) log.debug('net', text);
    else log.warning(text);
    told.add(text);
  };
}

function failureOf(name: string | undefined): MappingFailure {
  return name === 'NO_RESOURCES' ? 'no-resources' : 'refused';
}

const anyIpv4: NetworkAddress = { network: 'ipv4', host: '0.0.0.0', port: 0 };

/** By PCP, of any router. An IPv6 address stays what it is, so that is the one wished for. */
async function requestByPcp(socket: GatewaySocket, { nonce, internal, lifetime }: MappingRequest, tell: TellRefusal): Promise<MappingOutcome> {
  const request: PcpRequest = { nonce, internal, lifetime, wished: internal.network === 'ipv4' ? anyIpv4 : internal };
  const answer = await socket.ask('pcp', encodePcpRequest(request), (response) => readPcpResponse(response, request));
  if (answer === undefined) return { failure: 'no-answer' };
  if (answer.kind === 'unsupported') return { failure: 'unsupported' };
  if (answer.code !== 0) {
    tell(`pcp: Mapping failed with result ${resultText(pcpResults, answer.code)}`);
    return { failure: failureOf(pcpResults[answer.code]) };
  }
  return { mapping: { protocol: 'pcp', internal, external: answer.external, lifetime: answer.lifetime } };
}

/** By NAT-PMP, of routers that know nothing newer. */
async function requestByNatPmp(socket: GatewaySocket, { internal, lifetime }: MappingRequest, tell: TellRefusal): Promise<MappingOutcome> {
  const { port } = internal;
  const address = await socket.ask('natpmp', encodeAddressRequest(), readAddressResponse);
  if (address === undefined) return { failure: 'no-answer' };
  if (address.code !== 0) {
    tell(`natpmp: Getting external address failed with result ${resultText(natPmpResults, address.code)}`);
    return { failure: 'refused' };
  }
  const answer = await socket.ask('natpmp', encodeMapRequest(port, lifetime), (response) => readMapResponse(response, port));
  if (answer === undefined) return { failure: 'no-answer' };
  const external = ipAddress(address.host, answer.externalPort);
  if (answer.code !== 0 || external === undefined) {
    tell(`natpmp: Port mapping failed with result ${resultText(natPmpResults, answer.code)}`);
    return { failure: failureOf(natPmpResults[answer.code]) };
  }
  return { mapping: { protocol: 'natpmp', internal, external, lifetime: answer.lifetime } };
}

/** Asks a router for a port, by PCP or else by NAT-PMP. Failures are logged. */
export async function requestMapping(socket: GatewaySocket, request: MappingRequest, log: Logger, tell: TellRefusal): Promise<MappingOutcome> {
  const outcome = await requestByPcp(socket, request, tell);
  const isOlder = 'failure' in outcome && outcome.failure === 'unsupported' && request.internal.network === 'ipv4';
  if (!isOlder) return outcome;
  log.debug('net', 'portmap: Got unsupported PCP version response, falling back to NAT-PMP');
  return requestByNatPmp(socket, request, tell);
}

/** Asks the router that made a mapping to end it. */
export async function endMapping(socket: GatewaySocket, { protocol, internal }: PortMapping, nonce: Uint8Array, tell: TellRefusal): Promise<void> {
  if (protocol === 'pcp') {
    await requestByPcp(socket, { nonce, internal, lifetime: 0 }, tell);
    return;
  }
  await socket.ask('natpmp', encodeMapRequest(internal.port, 0), (response) => readMapResponse(response, internal.port));
}
