/* Starts flodesk inside the application's own process: it loads the bundled libpython and runs its main function. A
   launcher that executed python3 instead would be called "python3" in the menu bar, and files that are opened from the
   Finder would not reach it. sys.executable is the bundled python3, so the engine and workers start from there. */
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#define LIBRARY "libpython" PYTHON ".dylib"
#define HOME "/../Resources/python"
#else /* to try it where there is no macOS */
#define LIBRARY "libpython" PYTHON ".so.1.0"
#define HOME "/../python"
#endif

int main(int argc, char **argv)
{
    char raw[PATH_MAX], real[PATH_MAX], home[2 * PATH_MAX], library[3 * PATH_MAX], python[3 * PATH_MAX];
#ifdef __APPLE__
    unsigned size = sizeof raw;
    if (_NSGetExecutablePath(raw, &size)) return 70;
#else
    ssize_t size = readlink("/proc/self/exe", raw, sizeof raw - 1);
    if (size < 0) return 70;
    raw[size] = 0;
#endif
    if (!realpath(raw, real)) return 70;
    snprintf(home, sizeof home, "%s" HOME, dirname(real));
    snprintf(library, sizeof library, "%s/lib/" LIBRARY, home);
    snprintf(python, sizeof python, "%s/bin/python3", home);
    unsetenv("PYTHONHOME");
    unsetenv("PYTHONPATH");
    setenv("PYTHONNOUSERSITE", "1", 1);
    void *loaded = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
    if (!loaded) {
        fprintf(stderr, "flodesk: %s\n", dlerror());
        return 71;
    }
    int (*start)(int, char **) = (int (*)(int, char **))dlsym(loaded, "Py_BytesMain");
    if (!start) return 72;
    char *first[] = {python, "-P", "-X", "utf8", "-m", "flodesk"};
    int count = sizeof first / sizeof *first;
    char **arguments = calloc((size_t)(argc + count), sizeof *arguments);
    if (!arguments) return 73;
    for (int i = 0; i < count; i++) arguments[i] = first[i];
    for (int i = 1; i < argc; i++) arguments[count + i - 1] = argv[i];
    return start(count + argc - 1, arguments);
}
