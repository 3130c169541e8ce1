import { lakefsOptions, mlflowOptions } from './connection-options.js';
import type { Option } from './option.js';
import { type Reader, readCaFile } from './reader.js';
import type { LakefsSettings, MlflowSettings } from './types.js';
import { fitsHeader, headerRule } from './values.js';

/** Reads where lakeFS is. What is missing is complained about and left empty. */
export function readLakefs(reader: Reader, readFile: (path: string) => string): LakefsSettings {
  const {
    lakefsEndpoint,
    lakefsAccessKeyId,
    lakefsSecretAccessKey,
    lakefsCaFile,
    lakefsPublicUrl,
    lakefsHosts,
    lakefsS3Domains,
  } = lakefsOptions;
  const address = reader.address(lakefsEndpoint);
  if (reader.text(lakefsEndpoint) === undefined) {
    reader.complain(
      lakefsEndpoint,
      `is not set: give the address of lakeFS, such as ${lakefsEndpoint.example}`,
    );
  }
  const accessKeyId = reader.text(lakefsAccessKeyId) ?? address?.username;
  const secretAccessKey = reader.text(lakefsSecretAccessKey) ?? address?.password;
  if (accessKeyId === undefined)
    reader.complain(lakefsAccessKeyId, 'is not set: give an access key of lakeFS');
  if (secretAccessKey === undefined) {
    reader.complain(lakefsSecretAccessKey, 'is not set: give the secret of the access key of lakeFS');
  }
  const caFile = readCaFile(reader, lakefsCaFile, readFile);
  const endpoint = (address?.url ?? '').replace(/\/api\/v1$/, '');
  return {
    endpoint,
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: secretAccessKey ?? '',
    ...(caFile !== undefined && { caFile }),
    publicUrl: readPublicUrl(reader, lakefsPublicUrl) ?? endpoint,
    hosts: readHosts(reader, lakefsHosts),
    s3Domains: readHosts(reader, lakefsS3Domains),
  };
}

/** Reads where MLflow is. What is missing is complained about and left empty. */
export function readMlflow(reader: Reader, readFile: (path: string) => string): MlflowSettings {
  const address = reader.address(mlflowOptions.mlflowTrackingUri);
  if (reader.text(mlflowOptions.mlflowTrackingUri) === undefined) {
    reader.complain(
      mlflowOptions.mlflowTrackingUri,
      `is not set: give the address of the MLflow server, such as ${mlflowOptions.mlflowTrackingUri.example}`,
    );
  }
  const trackingUri = address?.url ?? '';
  const workspace = reader.text(mlflowOptions.mlflowWorkspace);
  const caFile = readCaFile(reader, mlflowOptions.mlflowCaFile, readFile);
  return {
    trackingUri,
    ...readCredentials(reader, address),
    ...(workspace !== undefined && { workspace }),
    publicUrl: readPublicUrl(reader, mlflowOptions.mlflowPublicUrl) ?? trackingUri,
    connections: reader.choice(mlflowOptions.mlflowConnections),
    maxInFlight: reader.number(mlflowOptions.mlflowMaxInFlight),
    timeoutMs: reader.duration(mlflowOptions.mlflowTimeout),
    ...(caFile !== undefined && { caFile }),
  };
}

/** Host names, with a port where it has one; an address or a path would match nothing. */
function readHosts(reader: Reader, option: Option): readonly string[] {
  const hosts = reader.list(option);
  const wrong = hosts.findIndex((host) => !/^([^\s/?#@*:[\]]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(host));
  if (wrong >= 0) {
    reader.complain(
      option,
      `entry ${wrong + 1} must be a host name, with its port if it has one: no scheme, no path, no "*"`,
    );
  }
  return hosts;
}

/** As MLflow's own client: a name with a password, else a token. */
function readCredentials(
  reader: Reader,
  address: { readonly username?: string; readonly password?: string } | undefined,
): Pick<MlflowSettings, 'username' | 'password' | 'token'> {
  const username = reader.text(mlflowOptions.mlflowUsername) ?? address?.username;
  const password = reader.text(mlflowOptions.mlflowPassword) ?? address?.password;
  const token = reader.text(mlflowOptions.mlflowToken);
  if (token !== undefined && !fitsHeader(token)) reader.complain(mlflowOptions.mlflowToken, headerRule);
  if (username !== undefined && password !== undefined) return { username, password };
  if (token !== undefined) return { token };
  if (username !== undefined)
    reader.complain(
      mlflowOptions.mlflowPassword,
      'is not set, although a user name is: give both, or a token alone',
    );
  if (password !== undefined)
    reader.complain(
      mlflowOptions.mlflowUsername,
      'is not set, although a password is: give both, or a token alone',
    );
  return {};
}

/** An address that is shown to people. */
export function readPublicUrl(reader: Reader, option: Option): string | undefined {
  const address = reader.address(option);
  if (address?.username !== undefined || address?.password !== undefined) {
    reader.complain(option, 'must not contain a user name or password: it is shown to everybody');
  }
  return address?.url;
}
