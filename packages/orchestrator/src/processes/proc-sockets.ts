// TCP_LISTEN in the kernel's include/net/tcp_states.h.
const listenState = '0A'

/** The inodes of the sockets that listen on a port, from the text of `/proc/net/tcp` or `tcp6`. */
export function listeningInodes(text: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const inodes: string[] = []
  for (const line of text.split('\n')) {
    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
    const fields = line.trim().split(/\s+/)
    if (fields[3] !== listenState || !fields[1]?.endsWith(suffix)) continue
    if (fields[9] !== undefined) inodes.push(fields[9])
  }
  return inodes
}
