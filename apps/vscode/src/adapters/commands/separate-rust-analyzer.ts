import * as vscode from 'vscode'

import { RUST_ANALYZER_SETTING } from '../../model/rust-analyzer.ts'

/** Writes the setting that gives rust-analyzer a target directory of its own. */
export async function separateRustAnalyzer(): Promise<void> {
  try {
    await vscode.workspace
      .getConfiguration()
      .update(RUST_ANALYZER_SETTING, true, vscode.ConfigurationTarget.Workspace)
  } catch {
    // Only an installed extension has settings that can be written.
    void vscode.window.showInformationMessage(
      `Set "${RUST_ANALYZER_SETTING}": true where rust-analyzer is configured.`,
    )
  }
}
