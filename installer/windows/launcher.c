/* Starts the program with the Python in the folder beside it, as a window or in a console. */

#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

typedef int (*PyMain)(int, wchar_t **);

static int complain(const wchar_t *path)
{
    wchar_t text[2 * MAX_PATH];
    _snwprintf(text, 2 * MAX_PATH, L"%ls\n\nPlease install OMM Desktop again.\n"
               L"Veuillez r\x00e9installer OMM Desktop.", path);
    MessageBoxW(NULL, text, L"OMM Desktop", MB_ICONERROR);
    return 1;
}

int wmain(int count, wchar_t **words)
{
    static wchar_t folder[32768], library[32768], script[32768];
    wchar_t *fixed[] = {words[0], L"-I", L"-X", L"utf8", script};
    const int begin = sizeof fixed / sizeof *fixed;
    wchar_t **all;
    HMODULE python;
    PyMain start;
    int i;

    GetModuleFileNameW(NULL, folder, 32767);
    *wcsrchr(folder, L'\\') = 0;
    _snwprintf(library, 32767, L"%ls\\runtime\\%ls", folder, PYTHON_LIBRARY);
    _snwprintf(script, 32767, L"%ls\\runtime\\begin.pyc", folder);
    python = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!python)
        return complain(library);
    start = (PyMain)(void *)GetProcAddress(python, "Py_Main");
    all = calloc(begin + count, sizeof *all);
    if (!start || !all)
        return complain(library);
    for (i = 0; i < begin; i++)
        all[i] = fixed[i];
    for (i = 1; i < count; i++)
        all[begin + i - 1] = words[i];
    return start(begin + count - 1, all);
}
