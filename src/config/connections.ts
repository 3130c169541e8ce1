import { lakefsOptions, mlflowOptions } from './connection-options.js';
import { errorCode } from './error-code.js';
import type { Option } from './option.js';
import type { Reader } from './reader.js';
import type { LakefsSettings, MlflowSettings } from './types.js';

/** Reads where lakeFS is. What is missing is complained about and left empty. */
export function readLakefs(reader: Reader): LakefsSettings {
  const {
    lakefsEndpoint,
    lakefsAccessKeyId,
    lakefsSecretAccessKey,
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
  const endpoint = (address?.url ?? '').replace(/\/api\/v1$/, '');
  return {
    endpoint,
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: secretAccessKey ?? '',
    publicUrl: readPublicUrl(reader, lakefsPublicUrl) ?? endpoint,
    hosts: reader.list(lakefsHosts),
    s3Domains: reader.list(lakefsS3Domains),
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
  const caFile = reader.text(mlflowOptions.mlflowCaFile);
  if (caFile !== undefined) {
    try {
      readFile(caFile);
    } catch (error) {
      reader.complain(mlflowOptions.mlflowCaFile, `names a file that cannot be read (${errorCode(error)})`);
    }
  }
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

/** As MLflow's own client: a name with a password, else a token. */
function readCredentials(
  reader: Reader,
  address: { readonly username?: string; readonly password?: string } | undefined,
): Pick<MlflowSettings, 'username' | 'password' | 'token'> {
  const username = reader.text(mlflowOptions.mlflowUsername) ?? address?.username;
  const password = reader.text(mlflowOptions.mlflowPassword) ?? address?.password;
  const token = reader.text(mlflowOptions.mlflowToken);
  if (username !== undefined && password !== undefined) return { username, password };
  if (token !== undefined) return { token };
  if (username !== undefined) reader.complain(mlflowOptions.mlflowPassword, 'is not set, but a user name is');
  if (password !== undefined) reader.complain(mlflowOptions.mlflowUsername, 'is not set, but a password is');
  return {};
}

/** An address that is shown to people. */
export function readPublicUrl(reader: Reader, option: Option): string | undefined {
  const address = reader.address(option);
  if (address?.username !== undefined || address?.password !== undefined) {
    reader.complain(option, 'must not hold a name or password: it is shown to everybody');
  }
  return address?.url;
}
