/* A window that covers the desktop with a pattern and writes what it hears of
   keyboard and mouse to standard output, one line each. */
#include <stdio.h>
#include <windows.h>

static void paint(HWND window) {
	PAINTSTRUCT how;
	HDC to = BeginPaint(window, &how);
	RECT all;
	GetClientRect(window, &all);
	for (int y = 0; y < all.bottom; y += 50)
		for (int x = 0; x < all.right; x += 50) {
			RECT field = {x, y, x + 50, y + 50};
			HBRUSH colour = CreateSolidBrush(RGB(x / 4, y / 4, (x * 7 + y * 13) % 256));
			FillRect(to, &field, colour);
			DeleteObject(colour);
		}
	EndPaint(window, &how);
}

static LRESULT CALLBACK hear(HWND window, UINT message, WPARAM w, LPARAM l) {
	switch (message) {
	case WM_PAINT:
		paint(window);
		return 0;
	case WM_CHAR:
		printf("char %04x\n", (unsigned)w);
		break;
	case WM_KEYDOWN:
		printf("key %02x\n", (unsigned)w);
		break;
	case WM_LBUTTONDOWN:
	case WM_RBUTTONDOWN:
		SetForegroundWindow(window);
		SetFocus(window);
		printf("%s %d %d\n", message == WM_LBUTTONDOWN ? "left" : "right", (int)(short)LOWORD(l), (int)(short)HIWORD(l));
		break;
	case WM_MOUSEWHEEL:
		printf("wheel %d\n", (int)(short)HIWORD(w));
		break;
	default:
		return DefWindowProcW(window, message, w, l);
	}
	fflush(stdout);
	return 0;
}

int main(void) {
	SetProcessDPIAware();
	WNDCLASSW class = {.lpfnWndProc = hear, .lpszClassName = L"pad", .hCursor = LoadCursor(NULL, IDC_ARROW)};
	RegisterClassW(&class);
	HWND window = CreateWindowW(L"pad", L"pad", WS_POPUP | WS_VISIBLE, 0, 0, GetSystemMetrics(SM_CXSCREEN),
		GetSystemMetrics(SM_CYSCREEN), NULL, NULL, NULL, NULL);
	SetForegroundWindow(window);
	MSG message;
	while (GetMessageW(&message, NULL, 0, 0) > 0) {
		TranslateMessage(&message);
		DispatchMessageW(&message);
	}
	return 0;
}
