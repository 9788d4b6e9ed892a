# The worker's sources, compiled a dozen at a time: parsing the headers once for all of them is what brings the build
# from more than five minutes to about one and a half on two cores.
file(GLOB_RECURSE WORKER_SOURCES ${WORKER_DIR}/src/*.cpp ${WORKER_DIR}/deps/libwebrtc/libwebrtc/*.cc)

# Files that define the same file-local name must not meet in one batch. The first file of each such set is compiled
# with all the others, the second and third ones with each other. It must be every such set, not only those that happen
# to fall into one batch today.
set(SECONDS
    src/DepLibWebRTC.cpp
    src/Settings.cpp
    src/RTC/PlainTransport.cpp
    src/RTC/PortManager.cpp
    src/RTC/SvcProducerStreamManager.cpp
    src/RTC/TransportCongestionControlServer.cpp
    src/RTC/WebRtcServer.cpp
    src/RTC/BWE/LossBasedController.cpp
    src/RTC/RTP/RtpStreamSend.cpp
    src/RTC/RTP/RtxStream.cpp
    src/RTC/RtpDictionaries/RtpCodecParameters.cpp
    src/RTC/SCTP/association/TransmissionControlBlock.cpp
    src/handles/UnixStreamSocketHandle.cpp)
set(THIRDS
    src/RTC/BWE/TargetRateController.cpp src/handles/TcpServerHandle.cpp src/handles/UdpSocketHandle.cpp
    deps/libwebrtc/libwebrtc/modules/congestion_controller/goog_cc/trendline_estimator.cc)
list(TRANSFORM SECONDS PREPEND ${WORKER_DIR}/)
list(TRANSFORM THIRDS PREPEND ${WORKER_DIR}/)
set(FIRSTS ${WORKER_SOURCES})
list(REMOVE_ITEM FIRSTS ${SECONDS} ${THIRDS})

function(compile_in_batches name size)
  set(index 0)
  foreach(source ${ARGN})
    math(EXPR batch "${index} / ${size}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${name}${batch})
    math(EXPR index "${index} + 1")
  endforeach()
endfunction()

compile_in_batches(firsts 12 ${FIRSTS})
compile_in_batches(seconds 7 ${SECONDS})
compile_in_batches(thirds 12 ${THIRDS})
