/** Top folders of particular machines: a path that begins with one of them would be true on one machine only. */

export const machineFolders: readonly string[] = ['work', 'root', 'home', 'Users']

/** Words below such a folder that mean any machine, in examples: `/home/user`. */
export const placeholders: readonly string[] = ['user', 'you', 'runner', 'me', 'node']
