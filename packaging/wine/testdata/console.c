/* A console with a person at it:

     console TEXT PROGRAM ARGUMENTS...

   starts a program as cmd.exe starts one that has windows: without this console,
   and with standard streams that lead nowhere. It waits for the program's end; if
   TEXT is not "-" it presses Ctrl+C once the console shows TEXT. Then it writes
   what the console shows to its own standard output and ends with the program's
   exit code. With TEXT "none" there is no console at all. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <windows.h>

static char shown[1 << 16];

/* look reads what the console shows into shown. */
static void look(void) {
	HANDLE screen = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	CONSOLE_SCREEN_BUFFER_INFO info;
	size_t used = 0;
	if (!GetConsoleScreenBufferInfo(screen, &info)) info.dwCursorPosition.Y = -1;
	for (COORD at = {0, 0}; at.Y <= info.dwCursorPosition.Y && used + info.dwSize.X + 2 < sizeof shown; at.Y++) {
		DWORD read = 0;
		ReadConsoleOutputCharacterA(screen, shown + used, info.dwSize.X, at, &read);
		while (read > 0 && shown[used + read - 1] == ' ') read--;
		used += read;
		shown[used++] = '\n';
	}
	shown[used] = 0;
	CloseHandle(screen);
}

static BOOL WINAPI survive(DWORD event) { return TRUE; }

int main(int count, char **words) {
	FILE *out = fdopen(dup(1), "w");
	char line[4096] = "";
	DWORD code = 99;
	if (count < 3) return 98;
	for (int i = 2; i < count; i++) {
		if (strlen(line) + strlen(words[i]) + 4 > sizeof line) return 98;
		strcat(strcat(strcat(line, "\""), words[i]), "\" ");
	}
	FreeConsole();
	if (strcmp(words[1], "none") != 0) AllocConsole();
	SetConsoleCtrlHandler(survive, TRUE);
	STARTUPINFOA start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
	PROCESS_INFORMATION process;
	if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &start, &process)) return 97;
	int pressed = words[1][0] == '-' || strcmp(words[1], "none") == 0;
	while (WaitForSingleObject(process.hProcess, 100) == WAIT_TIMEOUT)
		if (!pressed) {
			look();
			if (strstr(shown, words[1])) pressed = GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
		}
	GetExitCodeProcess(process.hProcess, &code);
	look();
	fputs(shown, out);
	fclose(out);
	return code;
}
