// TCP_LISTEN in the kernel's include/net/tcp_states.h.
const listenState = '0A'

/** The inodes of the sockets that listen on a port, from the text of `/proc/net/tcp` or `tcp6`. */
export function listeningInodes(text: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const inodes: string[] = []
  for (const line of text.split('\n')) {
    const fields = fieldsOf(line)
    if (fields[3] !== listenState || !fields[1]?.endsWith(suffix)) continue
    if (fields[9] !== undefined) inodes.push(fields[9])
  }
  return inodes
}

/** Whether a line is about a socket that listens, rather than about a connection. */
export function isListeningLine(line: string): boolean {
  return fieldsOf(line)[3] === listenState
}

/** sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode */
function fieldsOf(line: string): readonly string[] {
  return line.trim().split(/\s+/)
}
