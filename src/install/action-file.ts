import { createHash } from 'node:crypto';

/** lakeFS reads every file directly under this. */
export const actionFolder = '_lakefs_actions/';

/** Where the action lives in every repository. */
export const actionPath = `${actionFolder}lakefs-mlflow.yaml`;

/** The action's name in lakeFS's Actions log. */
export const actionName = 'lakefs-mlflow';

/** Stands in the packaged file where a person writes the address of their service. */
export const placeholderUrl = 'https://lakefs-mlflow.example/hooks/lakefs';

/** Version of what the file promises to the receiver: events, headers, body. */
const contract = 1;

const marker = /^# lakefs-mlflow-action: contract \d+\s*$/m;

/** The action file's text. `url` is where lakeFS sends the events, such as `https://host/hooks/lakefs`. */
export function actionFile({ url }: { readonly url: string }): string {
  return `# lakefs-mlflow-action: contract ${contract}
# (keep the line above: by it "lakefs-mlflow install" and "uninstall" know this file as their own)
#
# Tells lakefs-mlflow about each new commit, which then appears in MLflow as a candidate dataset, and the
# runs that read it are tagged. Lives at ${actionPath} on every branch that is to send;
# a branch that was made before this file came sends nothing until it merges the file.
name: ${actionName}
description: Registers each new commit in MLflow
on:
  # These four are all the events that make a commit: merge, revert and cherry-pick fire no post-commit.
  # Post events run after the commit is made: whatever happens to this hook, nobody's commit fails or waits.
  post-commit:
  post-merge:
  post-revert:
  post-cherry-pick:
hooks:
  - id: notify
    type: webhook
    properties:
      # The service, as the lakeFS server reaches it. lakeFS replaces no variables here and logs it in clear,
      # so it must hold no secret.
      url: ${JSON.stringify(url)}
      # A string with a unit: lakeFS ignores a bare number without a word.
      timeout: "10s"
      headers:
        # Read from the environment of the lakeFS server when it sends. Set LAKEFSACTION_BRIDGE_TOKEN there
        # and, to the same value, for the service. Where it is not set on the lakeFS server, lakeFS sends
        # nothing for this event, for other actions too, and says so only in its server log.
        Authorization: "Bearer {{ ENV.LAKEFSACTION_BRIDGE_TOKEN }}"
        # A constant: it lets lakeFS before 1.88 send again when it meets a connection that was just closed.
        Idempotency-Key: "lakefs-mlflow"
`;
}

/**
 * What a branch has at `actionPath`: nothing, our file as it should be, our file as we once wrote it (another
 * address, or an older release), our file with changes that we did not make (by a person, or by a later release),
 * or a file that somebody else wrote.
 */
export type Found = 'absent' | 'current' | 'older' | 'edited' | 'foreign';

export function classifyActionFile(content: string | undefined, wanted: string): Found {
  if (content === undefined) return 'absent';
  const text = unixLines(content);
  if (text === wanted) return 'current';
  if (!marker.test(text)) return 'foreign';
  return writtenByUs.includes(fingerprint(text)) ? 'older' : 'edited';
}

const urlLine = /^( *url:)(.*)$/m;

/** What this release writes where an action file of ours, edited or not, sends to the same address. */
export function pristineOf(content: string): string {
  return actionFile({ url: '' }).replace(urlLine, () => urlLine.exec(unixLines(content))?.[0] ?? '');
}

/** What stays of an action file when its address is left out: the same for everyone who installed one release. */
function fingerprint(content: string): string {
  const text = unixLines(content).replace(urlLine, '$1');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * The fingerprints of all files that `install` has ever written, so that an edited file differs from an older one.
 * Whoever changes the file above adds the new one and keeps the others.
 */
const writtenByUs: readonly string[] = ['147b431581970bc1'];

export function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
