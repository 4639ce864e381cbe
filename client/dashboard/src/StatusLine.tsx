import { backlog, number } from './format'
import { Known } from './Known'
import type { Counts, Overview } from './wire'

/** How the reading of the log goes, in one line. */
export function StatusLine({ status }: { status: Overview['status'] | undefined }) {
  return (
    <dl class="status">
      <Item name="Read" value={status && number(status.records)} />
      <Item name="Kept" value={status && number(status.kept)} />
      <Item name="Skipped" value={status && number(status.skipped.total)} why={why(status?.skipped)} />
      <Item name="Refused" value={status && number(status.refused.total)} why={why(status?.refused)} />
      <Item name="Behind" value={status && backlog(status.partitions, (partition) => partition.lag)} why="What the log holds and is not read yet" />
      {status && status.silos > 1 && (
        <Item name="Silos" value={status.missingSilos === 0 ? number(status.silos) : `${status.silos - status.missingSilos} of ${status.silos}`} why="Those that do not answer are not in these numbers" />
      )}
      <Item name="Not yet durable" value={status && backlog(status.partitions, (partition) => partition.durableLag)} why="What would be read again after a crash" />
    </dl>
  )
}

function Item({ name, value, why }: { name: string; value: string | undefined; why?: string }) {
  return (
    <div title={why}>
      <dt>{name}</dt>
      <dd>
        <Known text={value} />
      </dd>
    </div>
  )
}

const why = (counts: Counts | undefined) =>
  counts &&
  Object.entries(counts.byReason)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${reason}: ${number(count)}`)
    .join('\n')
